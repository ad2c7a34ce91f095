"""Events of API Gateway: payload versions 1.0 (REST API) and 2.0 (HTTP API), complete.

Source: the AWS documentation, “Create AWS Lambda proxy integrations for HTTP APIs”.
"""

import base64
from typing import Any
from urllib.parse import parse_qs

Event = dict[str, Any]
_HOST = "form.service.test"


def version_1(method: str, path: str, *, query: str = "", body: str = "", **headers: str) -> Event:
    """Return an event of a REST API."""
    known = {"Host": _HOST, "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Port": "443", "X-Forwarded-Proto": "https"}
    known |= _named(headers)
    several = parse_qs(query)
    return {
        "version": "1.0",
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": known,
        "multiValueHeaders": {name: [value] for name, value in known.items()},
        "queryStringParameters": {name: values[-1] for name, values in several.items()} or None,
        "multiValueQueryStringParameters": several or None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "id",
            "authorizer": None,
            "domainName": _HOST,
            "domainPrefix": "form",
            "extendedRequestId": "request-id",
            "httpMethod": method,
            "identity": {"accessKey": None, "sourceIp": "198.51.100.7", "user": None, "userAgent": "a browser"},
            "path": path,
            "protocol": "HTTP/1.1",
            "requestId": "id=",
            "requestTime": "04/Mar/2026:19:15:17 +0000",
            "requestTimeEpoch": 1772651717000,
            "resourceId": None,
            "resourcePath": "/{proxy+}",
            "stage": "$default",
        },
        "body": body or None,
        "isBase64Encoded": False,
    }


def version_2(method: str, path: str, *, query: str = "", body: str = "", **headers: str) -> Event:
    """Return an event of an HTTP API, with a base64 body."""
    known = {"host": _HOST, "x-forwarded-for": "198.51.100.7", "x-forwarded-port": "443", "x-forwarded-proto": "https"}
    event: Event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": known | {name.lower(): value for name, value in _named(headers).items()},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": _HOST,
            "domainPrefix": "form",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "198.51.100.7",
                "userAgent": "a browser",
            },
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
            "time": "04/Mar/2026:19:15:17 +0000",
            "timeEpoch": 1772651717000,
        },
        "isBase64Encoded": bool(body),
    }
    return event | ({"body": base64.b64encode(body.encode()).decode()} if body else {})


def text_of(answer: Event) -> str:
    """Return the body of a response."""
    body: str = answer["body"]
    return base64.b64decode(body).decode() if answer["isBase64Encoded"] else body


def header_of(answer: Event, name: str) -> str | None:
    """Return one header of a response of either version."""
    found = {key.lower(): value for key, value in answer.get("headers", {}).items()}
    found |= {key.lower(): values[-1] for key, values in (answer.get("multiValueHeaders") or {}).items()}
    value: str | None = found.get(name.lower())
    return value


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
