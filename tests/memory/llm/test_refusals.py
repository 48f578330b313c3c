from __future__ import annotations

from typing import Any

import pytest

from memory.llm.refusals import EndpointRefusal, refusal_in


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (401, {"error": {"message": "no"}}, "auth"),
        (400, {"error": "Incorrect API key provided: ab***"}, "auth"),
        (400, [{"error": {"status": "INVALID_ARGUMENT", "message": "API key not valid."}}], "auth"),
        (200, {"base_resp": {"status_code": 1004, "status_msg": "login fail"}}, "auth"),
        (402, "Payment", "balance"),
        (429, {"error": {"code": "insufficient_quota", "message": "..."}}, "balance"),
        (429, {"error": {"code": "1113", "message": "您的账户已欠费"}}, "balance"),
        (403, {"code": 30011, "message": "needs paid balance"}, "balance"),
        (403, {"error": {"message": "Country, region, or territory not supported"}}, "account"),
        (403, "<html>Forbidden</html>", "account"),
        (404, {"error": {"message": "The model `x` does not exist"}}, "unknown"),
        (404, {"error": {"message": "This is not a chat model"}}, "unknown"),
        (400, {"error": {"message": "Model Not Exist"}}, "unknown"),
        (404, "404 page not found", "address"),
        (400, {"errorMessage": "API key invalid"}, "auth"),
        (
            400,
            "<Error><Code>InvalidAccessKeyId</Code><Message>The Access Key Id is invalid</Message></Error>",
            "auth",
        ),
        (200, {"header": {"code": 11200, "message": "AppIdNoAuthError"}}, "auth"),
        (401, {"error": {"message": "Your account has been deactivated"}}, "account"),
        (403, {"title": "Forbidden", "status": 403}, "account"),
        (400, {"error": {"message": "模型名称不存在"}}, "unknown"),
        (200, {"error_msg": "the max length of current question is 2000"}, "too_long"),
        (429, {"error": {"message": "slow down"}}, "busy"),
        (529, {"error": {"type": "overloaded_error", "message": "Overloaded"}}, "busy"),
        (200, {"error": {"code": 429, "message": "per day"}}, "busy"),
        (400, {"error": {"message": "maximum context length is 4096 tokens"}}, "too_long"),
        (413, "", "too_long"),
        (400, {"error": {"code": "data_inspection_failed", "message": "x"}}, "filtered"),
        (504, "gateway", "timeout"),
        (500, "Internal", "other"),
        (400, {"error": {"message": "temperature must be 1"}}, "other"),
        (404, {"error": {"message": "Not found the model k or Permission denied"}}, "unknown"),
        (410, {"title": "Gone", "detail": "reached its end of life"}, "unknown"),
        (400, {"error": {"message": '"bge-m3" does not support chat'}}, "unknown"),
        (404, {"error": {"message": "No models loaded."}}, "unknown"),
        (503, {"error": {"message": "对于模型 x 无可用渠道"}}, "unknown"),
        (403, {"error": {"message": "用户额度不足"}}, "balance"),
        (403, {"code": "denied", "error": "has used all available credits"}, "balance"),
        (429, {"error": {"type": "exceeded_current_quota_error", "message": "x"}}, "balance"),
        (429, [{"error": {"message": "exceeded your current quota. Please retry in 3s"}}], "busy"),
        (
            413,
            {"error": {"code": "rate_limit_exceeded", "message": "Request too large"}},
            "too_long",
        ),
        (200, {"code": "Throttling.RateQuota", "message": "x"}, "busy"),
        (502, "<html><title>502</title><style>.unauthorized{}</style></html>", "busy"),
        (524, "<html></html>", "timeout"),
        (200, {"success": False, "errors": ["invalid token"]}, "auth"),
        (200, {"error_code": 110, "error_msg": "no"}, "auth"),
        (200, {"base_resp": {"status_code": 1002, "status_msg": "limit"}}, "busy"),
        (200, {"code": 401, "msg": "令牌无效", "data": None}, "auth"),
        (200, {"Response": {"Error": {"Code": "AuthFailure", "Message": "x"}}}, "auth"),
        (429, {"message": "Tokens per minute limit exceeded - too many tokens"}, "busy"),
        (429, {"detail": "ThrottlingException: Too many tokens, please wait"}, "busy"),
        (429, {"error": {"code": "billing_not_active", "message": "分组负载已饱和"}}, "busy"),
        (403, {"error": {"message": "token quota is not enough"}}, "balance"),
        (403, {"error": "Your team doesn't have any credits yet"}, "balance"),
        (400, {"error": {"message": "Budget has been exceeded! Max budget: 1"}}, "balance"),
        (429, {"errors": [{"message": "used up your daily free allocation"}]}, "balance"),
        (400, [{"error": {"message": "User location is not supported"}}], "account"),
        (401, {"error": {"code": "invalid_model", "message": "No permission"}}, "unknown"),
        (404, {"detail": "Function 'f': Not found for account 'a'"}, "unknown"),
        (404, {"error": {"message": "No endpoints found: your data policy"}}, "account"),
        (451, {"error": {"type": "censorship_blocked", "message": "x"}}, "filtered"),
        (422, {"error": "`inputs` must have less than 1024 tokens."}, "too_long"),
        (400, {"message": "max_tokens must be at least 1, got -3"}, "too_long"),
        (200, {"error": "Unexpected endpoint or method."}, "address"),
        (400, "<title>The plain HTTP request was sent to HTTPS port</title>", "address"),
        (
            400,
            {"error": {"message": "Provider returned error", "metadata": {"raw": "high risk"}}},
            "filtered",
        ),
        (
            400,
            {"error": {"message": "x", "metadata": {"raw": '{"error": {"code": "1301"}}'}}},
            "filtered",
        ),
    ],
)
def test_the_cause_of_a_refusal(status: int, body: Any, cause: str) -> None:
    found = refusal_in(body, status)
    assert found is not None
    assert found.cause == cause


@pytest.mark.parametrize(
    "body",
    [
        *({"choices": []}, {"data": []}, {"choices": [], "error": None}, "", None),
        *({"type": "ping"}, {"code": 0, "message": "Success"}, {"models": [], "message": ""}),
        {"code": 200, "msg": "ok", "data": {"choices": []}},
    ],
)
def test_an_answer_is_no_refusal(body: Any) -> None:
    assert refusal_in(body) is None


def test_a_complaint_is_shown_short_and_without_keys() -> None:
    said = "<b>Bad</b> key mine-1234 and sk-abcdef123456 " + "x" * 500
    shown = EndpointRefusal(400, said=said).shown("mine-1234")
    assert shown.startswith("Bad key *** and ***")
    assert len(shown) == 200
