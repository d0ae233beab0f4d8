/** Webhooks v3 of PagerDuty: an incident that is acknowledged there is acknowledged here. */
import { incidentKeyOf } from '../alert/channels/pagers/incident-of-alert.ts';
import { answerSecrets } from '../config/answers/answer-secrets.ts';
import { isFields } from '../history/table/type-guards.ts';
import { type AnswerPorts, Refusal } from './answer-ports.ts';
import { type HttpRequest, type HttpResponse, plainAnswer } from './http.ts';
import { isSignedByPagerDuty } from './signatures.ts';

/**
 * Events that say nothing to us are accepted, too: after three refusals PagerDuty turns the webhook off for a day.
 * https://developer.pagerduty.com/docs/webhooks-behavior
 */
export async function answerPagerDuty(ports: AnswerPorts, request: HttpRequest): Promise<HttpResponse> {
  await checkSignature(ports, request);
  const acknowledged = acknowledgementIn(request.body, ports.config.name);
  if (acknowledged === null) return plainAnswer(200);
  const incident = await incidentOf(ports, acknowledged.key);
  if (incident === undefined) return plainAnswer(200);
  const { outcome } = await ports.acknowledge(incident, acknowledged.by, ports.now());
  // PagerDuty repeats what was answered with 503.
  if (outcome === 'busy') throw new Refusal(503, 'the verdict changed during the update');
  return plainAnswer(200);
}

async function checkSignature({ config, secret }: AnswerPorts, { headers, body }: HttpRequest): Promise<void> {
  for (const reference of answerSecrets(config).pagerduty) {
    if (isSignedByPagerDuty(headers['x-pagerduty-signature'], body, await secret(reference))) return;
  }
  throw new Refusal(401, 'the signature of PagerDuty is not valid');
}

/** The key of an incident whose name is too long is a hash: it is one of those that people were told of. */
async function incidentOf({ config, toldIncidents }: AnswerPorts, key: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{64}$/.test(key)) return key;
  const whole = `${config.name}/${key}`;
  return (await toldIncidents()).find((id) => incidentKeyOf(config.name, id) === whole);
}

/**
 * Our own events have `<monitor>/<incident>` as their `dedup_key` (`incidentKey`), which is the `incident_key` of the incident.
 * Other monitors may page the same service.
 */
function acknowledgementIn(body: Uint8Array, monitor: string): { readonly key: string; readonly by: string } | null {
  const { event } = fieldsIn(body);
  if (!isFields(event) || event.event_type !== 'incident.acknowledged' || !isFields(event.data)) return null;
  const { incident_key } = event.data;
  const own = `${monitor}/`;
  if (typeof incident_key !== 'string' || !incident_key.startsWith(own)) return null;
  const name = isFields(event.agent) && typeof event.agent.summary === 'string' ? event.agent.summary : 'somebody';
  return { key: incident_key.slice(own.length), by: `${name.slice(0, 80)} (PagerDuty)` };
}

function fieldsIn(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    if (isFields(value)) return value;
  } catch {
    // The same answer as below.
  }
  throw new Refusal(400, 'the body of PagerDuty is no JSON object');
}
