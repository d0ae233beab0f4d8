"""Runs a deployed zip as Lambda does: in a process of its own, with its environment, under its role's credentials."""

import io
import json
import os
import subprocess
import tempfile
import threading
import time
import zipfile

from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.sts.models import sts_backends

HOST = os.path.join(os.path.dirname(__file__), "host.mjs")
AT_ONCE = threading.Semaphore(4)

invocations = []
clock = {"ahead": "0"}  # milliseconds
_unpacked = {}
_lock = threading.Lock()


def run(function, event):
    """The handler's result as JSON, or None where it failed; every run is noted in `invocations`."""
    started = time.time()
    with AT_ONCE:
        outcome, logs = _in_process(function, event)
    invocations.append(
        {
            "function": function.function_name,
            "region": function.region,
            "milliseconds": round((time.time() - started) * 1000),
            "event": event,
            "error": outcome.get("error"),
            "logs": logs,
        }
    )
    function.logs_backend.ensure_log_group(function.logs_group_name)
    function.save_logs(logs or "-")
    return outcome


def function_of(arn):
    _, _, _, region, account, _, name = arn.split(":")[:7]
    return lambda_backends[account][region].get_function(name)


def _in_process(function, event):
    command = [os.environ["LAMBDA_NODE"], HOST]
    folder = _folder(function)
    try:
        done = subprocess.run(
            command,
            input=json.dumps(event).encode(),
            env=_environment(function, folder),
            cwd=folder,
            capture_output=True,
            timeout=int(function.timeout),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"Task timed out after {function.timeout} seconds"}, ""
    output, _, result = done.stdout.decode().rpartition("\0")
    logs = output + done.stderr.decode()
    return (json.loads(result) if result.startswith("{") else {"error": f"exit {done.returncode}"}), logs


def _folder(function):
    code = function.code_sha_256
    with _lock:
        if code not in _unpacked:
            _unpacked[code] = tempfile.mkdtemp(dir=os.environ["LAMBDA_TASKS"])
            zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(_unpacked[code])
        return _unpacked[code]


def _environment(function, folder):
    role = sts_backends[function.account_id]["aws"].assume_role(
        region_name=function.region,
        role_session_name=function.function_name,
        role_arn=function.role,
        policy=None,
        duration=3600,
        external_id=None,
    )
    return {
        "PATH": "/usr/bin:/bin",
        "TZ": ":UTC",
        "_HANDLER": function.handler,
        "LAMBDA_TASK_ROOT": folder,
        "AWS_REGION": function.region,
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_ACCESS_KEY_ID": role.access_key_id,
        "AWS_SECRET_ACCESS_KEY": role.secret_access_key,
        "AWS_SESSION_TOKEN": role.session_token,
        "CLOCK_AHEAD": clock["ahead"],
        "TIMEOUT": str(function.timeout),
        "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
        **function.environment_vars,
    }


def _invoke(self, event=None):
    outcome = run(self, json.loads(event) if isinstance(event, str) else event)
    if "error" in outcome:
        return json.dumps({"errorMessage": outcome["error"]}), True, ""
    return json.dumps(outcome["result"]), False, ""


LambdaFunction._invoke_lambda = _invoke

_create = LambdaFunction.create_from_cloudformation_json.__func__


def _create_whole(cls, name, template, account, region, **kwargs):
    function = _create(cls, name, template, account, region, **kwargs)
    function.logs_group_name = template["Properties"]["LoggingConfig"]["LogGroup"]
    function.architectures = template["Properties"]["Architectures"]
    return function


LambdaFunction.create_from_cloudformation_json = classmethod(_create_whole)

_update = LambdaFunction.update_from_cloudformation_json.__func__


def _update_whole(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    # moto leaves a function in a VPC that its new template does not name.
    cloudformation_json["Properties"].setdefault("VpcConfig", {"SubnetIds": [], "SecurityGroupIds": []})
    return _update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name)


LambdaFunction.update_from_cloudformation_json = classmethod(_update_whole)
