/**
 * Acknowledges by a call of the function itself, which IAM permits or refuses: the custom action of Amazon Q Developer in chat
 * applications, or `aws lambda invoke`. A request to the function URL cannot look like one: its body is a text within the event.
 */
import type { AnswerPorts } from './answer-ports.ts';
import type { FunctionUrlEvent } from './function-url.ts';

export interface DirectCall {
  /** Identifier of the incident. */
  readonly acknowledge: string;
  /** Who does it. Amazon Q does not say it. */
  readonly by?: string;
}

/** The chat shows it. */
export interface DirectAnswer {
  readonly outcome: 'acknowledged' | 'already' | 'over';
  readonly incident: string;
  readonly by: string | null;
}

const MOST_INCIDENT = 1_024;

export function isUrlEvent(event: object): event is FunctionUrlEvent {
  return 'requestContext' in event;
}

/** @throws Error if it is no such call, or should be repeated */
export async function answerCall(ports: Pick<AnswerPorts, 'acknowledge' | 'now'>, call: object): Promise<DirectAnswer> {
  if (!isDirectCall(call)) throw new Error('expected { "acknowledge": "<id of an incident>" }');
  const { acknowledge: incident, by = 'somebody (Amazon Q)' } = call;
  const done = await ports.acknowledge(incident, by, ports.now());
  switch (done.outcome) {
    case 'acknowledged':
    case 'already':
      return { outcome: done.outcome, incident: done.incident.id, by: done.acknowledged.by };
    case 'over':
      return { outcome: 'over', incident, by: null };
    case 'busy':
      throw new Error('the verdict changed during the update; try again');
    default:
      return done satisfies never;
  }
}

function isDirectCall(call: object): call is DirectCall {
  const { acknowledge, by } = call as Partial<Record<keyof DirectCall, unknown>>;
  const isIncident = typeof acknowledge === 'string' && acknowledge !== '' && acknowledge.length <= MOST_INCIDENT;
  return isIncident && (by === undefined || typeof by === 'string');
}
