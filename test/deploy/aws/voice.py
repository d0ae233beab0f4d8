"""AWS End User Messaging, as far as it calls people: moto has none of it."""

import json
import uuid

from moto.core.responses import BaseResponse
from werkzeug.wrappers import Request

from . import access
from .delivery import told

TARGET = "PinpointSMSVoiceV2."


def origin(handler):
    """A number is authorized by its id, which a caller need not know: here each number has the same."""
    source = access.body_of(handler).get("OriginationIdentity", "")
    if source.startswith("arn:"):
        return source
    kind = "pool" if source.startswith("pool-") else "phone-number"
    return access.arn(handler, "sms-voice", f"{kind}/{'phone-' + '0' * 32 if source.startswith('+') else source}")


class VoiceResponse(BaseResponse):
    def __init__(self):
        super().__init__(service_name="sms-voice")

    _determine_resource = origin

    def send_voice_message(self):
        body = access.body_of(self)
        told.append({"protocol": "voice", "endpoint": body["DestinationPhoneNumber"], "text": body["MessageBody"]})
        return json.dumps({"MessageId": str(uuid.uuid4())})


access.SPEAK_JSON.add("sms-voice")


def answer(environ, start_response):
    """None where the request is for another service."""
    if not environ.get("HTTP_X_AMZ_TARGET", "").startswith(TARGET):
        return None
    request = Request(environ)
    status, headers, body = VoiceResponse.dispatch(request, request.url, request.headers)
    start_response(f"{status} -", [(name, str(value)) for name, value in headers.items()])
    return [body if isinstance(body, bytes) else body.encode()]
