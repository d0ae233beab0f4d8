/** The Lambda entry of `notify`: as `deliver`, for the services of the config. */
import { serviceSender } from '../alert/channels/service-sender.ts';
import { diagnoseSecrets, type SecretDiagnosis, type SecretDiagnosisRequest } from '../aws/diagnose-secrets.ts';
import { homeSecrets } from '../aws/secrets.ts';
import { publishToChat } from '../aws/services/chat-topic.ts';
import { placeCall } from '../aws/services/voice.ts';
import type { Config } from '../config/config.ts';
import { answerTestRequest, type TestReport } from '../deliver/answer-test-request.ts';
import type { QueueEvent, TestRequest } from '../deliver/deliver-event.ts';
import { carriedBy, deliverNamed, secretsOfCarrier } from '../deliver/deliver-named-channels.ts';
import { openDeliverPorts, type SenderOf } from '../deliver/open-deliver-ports.ts';
import type { DeliverPorts } from '../ports.ts';

/** For its queue: delivers what is pending on a channel. For `smtp-quorum test-alert` and `doctor`: as `deliver`. */
export async function handler(
  event: QueueEvent | TestRequest | SecretDiagnosisRequest,
): Promise<TestReport | SecretDiagnosis | undefined> {
  ports ??= openDeliverPorts(sendersOf);
  const opened = await ports;
  if ('testAlert' in event) return await answerTestRequest(carriedBy(opened, 'notify'), event, async () => []);
  if ('diagnose' in event) return await diagnoseSecrets(secretsOfCarrier(opened.config, 'notify'), homeSecrets());
  await deliverNamed(opened, event, 'notify');
}

/** Made once per container, on the first event. */
let ports: Promise<DeliverPorts> | undefined;

function sendersOf(config: Config): SenderOf {
  const services = { config, secret: homeSecrets(), aws: { publish: publishToChat, call: placeCall } };
  return (channel) => {
    if (channel.kind === 'service') return serviceSender(channel.receiver, services);
    throw new Error(`this function does not send to channels of kind ${channel.kind}`);
  };
}
