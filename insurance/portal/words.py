"""Cover and certificates in the seller's words: where they stand, and what to do next."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from insurance.compliance import ComplianceStatus
from insurance.models import Certificate, CertificateFile, FileState, Review
from sellers.inform_standing import InformStatus
from sellers.portal.words import Words

C, F = ComplianceStatus, FileState

COMPLIANCE_WORDS: Mapping[ComplianceStatus, Words] = MappingProxyType(
    {
        C.NOT_REQUIRED: Words("Not required", "plain", "You need not prove any cover here."),
        C.DUE: Words("Proof needed", "act", "Send us your certificate of insurance."),
        C.OVERDUE: Words("Overdue", "act", "Send us your certificate of insurance now."),
        C.PROVEN: Words("Proven", "good", "There is nothing you need to do."),
        C.EXPIRING: Words("Ends soon", "act", "Send us the certificate of your renewed policy."),
        C.LAPSED: Words("Ended", "act", "Send us the certificate of a policy that is in force."),
        C.REFUSED: Words("To be corrected", "act", "Send us a corrected certificate."),
        C.WAIVED: Words("Not asked for now", "plain", "There is nothing you need to do for now."),
    }
)
# In these a certificate that is sent now changes nothing that is asked today.
AT_EASE = frozenset({C.NOT_REQUIRED, C.PROVEN, C.WAIVED})

S = InformStatus
INFORM_WORDS: Mapping[InformStatus, Words] = MappingProxyType(
    {
        S.COLLECT: Words("Details needed", "act", "Give our operations the details they ask for."),
        S.VERIFY: Words("Being verified", "wait", "We verify the details that you gave."),
        S.VERIFIED: Words("Verified", "good", "There is nothing you need to do."),
        S.SUSPENDED: Words("Suspended", "act", "Give our operations the details they asked for."),
    }
)

_UNSENT: Mapping[str, Words] = MappingProxyType(
    {
        F.UPLOADED: Words("Being read", "wait", "We read your file. This takes a moment."),
        F.READING: Words("Being read", "wait", "We read your file. This takes a moment."),
        F.READ: Words("To be confirmed", "act", "Check what we read, correct it and send it."),
        F.UNREADABLE: Words("Could not be read", "act", "Send the certificate as another file."),
        F.SUPERSEDED: Words("Replaced", "plain", "You sent a newer file."),
        F.ABANDONED: Words("Not sent", "plain", "You took this file back before it was sent."),
    }
)
ACCEPTED = Words("Accepted", "good", "It proves your cover from the day you sent it.")
COMPARED = Words("Being compared", "wait", "Our operations compare it with what you confirmed.")
REFUSED = Words("Refused", "act", "Read why, and send a corrected certificate.")
DEFECTIVE = Words("To be corrected", "act", "Send your broker what must be corrected.")


def certificate_words(certificate: Certificate) -> Words:
    """Where one submission of a policy stands."""
    if certificate.defect_codes:
        return DEFECTIVE
    if certificate.review == Review.REFUSED:
        return REFUSED
    return ACCEPTED if certificate.review == Review.ACCEPTED else COMPARED


def file_words(file: CertificateFile, certificates: Sequence[Certificate]) -> Words:
    """Where a file stands: how far it has come and, once sent, the worst of its policies."""
    if file.state != F.CONFIRMED:
        return _UNSENT[file.state]
    found = {certificate_words(certificate) for certificate in certificates}
    return next(words for words in (REFUSED, DEFECTIVE, COMPARED, ACCEPTED) if words in found)
