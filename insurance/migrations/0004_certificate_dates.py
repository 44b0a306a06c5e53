"""Certificates take the dates that their policies have: both said the same until now."""

from django.db import migrations

FILL = """
    UPDATE insurance_certificate AS certificate
       SET effective_on = policy.effective_on, expires_on = policy.expires_on
      FROM insurance_policy AS policy
     WHERE policy.id = certificate.policy_id
"""


class Migration(migrations.Migration):
    dependencies = [("insurance", "0003_certificate_review")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
