"""The project's own demo: a believable marketplace, told through the operations (docs/demo.md).

Everything here is made up and says so on every page; no mail and no money leaves this machine.
"""
