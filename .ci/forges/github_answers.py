"""Errors as GitHub words them."""

from traffic import Answer


def refusal(status, message, *errors):
    return Answer(status, {"message": message, "errors": list(errors), "documentation_url": "https://docs.github.com/rest", "status": str(status)})


def invalid(resource, code, field, **more):
    return refusal(422, "Validation Failed", {"resource": resource, "code": code, "field": field, **more})
