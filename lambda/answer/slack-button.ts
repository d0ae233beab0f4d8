/** The buttons of a message in Slack. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
import { type SlackAction, slackActionOf } from '../alert/channels/slack/actions.ts';
import { answerSecrets } from '../config/answers/answer-secrets.ts';
import { isFields } from '../history/table/type-guards.ts';
import { type AnswerPorts, Refusal } from './answer-ports.ts';
import { type HttpRequest, type HttpResponse, plainAnswer } from './http.ts';
import { isSignedBySlack, MOST_SKEW } from './signatures.ts';
import { isSignedWithOne } from './signed-with.ts';

interface Press {
  readonly action: SlackAction;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Slack shows an error to the person if the answer is not 200 within 3 s. What has become of the incident is told by the
 * message, which is edited when the acknowledgement is delivered.
 */
export async function answerSlack(ports: AnswerPorts, request: HttpRequest): Promise<HttpResponse> {
  await checkSignature(ports, request);
  for (const press of pressesIn(request.body, ports.now())) await answerPress(ports, press);
  return plainAnswer(200);
}

/** Each app has a secret of its own. */
async function checkSignature(ports: AnswerPorts, { headers, body }: HttpRequest): Promise<void> {
  const signed = { timestamp: headers['x-slack-request-timestamp'], signature: headers['x-slack-signature'], body };
  const isSigned = (secret: string) => isSignedBySlack(signed, secret, ports.now());
  if (await isSignedWithOne(ports, answerSecrets(ports.config).slack, isSigned)) return;
  throw new Refusal(401, 'the signature of Slack is not valid, or is too old');
}

async function answerPress(ports: AnswerPorts, { action, by, at }: Press): Promise<void> {
  const { kind, incident, length } = action;
  switch (kind) {
    case 'acknowledge': {
      const { outcome } = await ports.acknowledge(incident, by, ports.now());
      if (outcome === 'busy') throw new Refusal(503, 'the verdict changed during the update');
      return;
    }
    case 'mute': {
      const open = await ports.findOpenIncident(incident);
      if (open !== null && length !== null) await ports.mute({ incident: open, by, from: at, until: at + length });
      return;
    }
    default:
      return kind satisfies never;
  }
}

/** @throws Refusal if the body is none of Slack, which has signed it */
function pressesIn(body: Uint8Array, now: number): readonly Press[] {
  const payload = parsed(new URLSearchParams(Buffer.from(body).toString()).get('payload'));
  if (!isFields(payload)) throw new Refusal(400, 'the body of Slack has no payload');
  if (payload.type !== 'block_actions' || !Array.isArray(payload.actions)) return [];
  const by = `${nameOf(payload.user)} (Slack)`;
  return payload.actions
    .slice(0, 5)
    .filter(isFields)
    .flatMap((clicked): readonly Press[] => {
      const action = slackActionOf(clicked);
      return action === null ? [] : [{ action, by, at: pressedAt(clicked.action_ts, now) }];
    });
}

/** As Slack says, so that a request that it repeats mutes until the same time. */
function pressedAt(stamp: unknown, now: number): number {
  const at = Number(stamp) * 1000;
  return Math.abs(at - now) <= MOST_SKEW * 1000 ? at : now;
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}

function nameOf(user: unknown): string {
  if (!isFields(user)) return 'somebody';
  const name = [user.username, user.name, user.id].find((one) => typeof one === 'string' && one !== '');
  return String(name ?? 'somebody').slice(0, 80);
}
