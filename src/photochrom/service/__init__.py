"""The service: photographs, restorations and films over HTTP, for browsers and programs.

A folder a domain, each with its tables, repository, service, schemas and routes. What domains share
is in `core` (which knows none of them) and `access` (who may what). Heavy imports: nothing of this
package is loaded by the rest of photochrom, and it wants the extra `service`.
"""
