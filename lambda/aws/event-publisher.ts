import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { BusEvent, ProbePorts } from '../ports.ts';
import { type OpinionWanted, opinionAsker } from './ask-for-second-opinions.ts';
import { clientSettings } from './client-timeouts.ts';
import { fromEnvironment } from './environment.ts';
import { putEvents } from './event-bus.ts';

/**
 * Puts events on the home bus, and requests for a second opinion on the buses of the vantages' regions. The environment
 * variables are read on use, because not every function has all of them.
 */
export function eventPublisher(home: string): ProbePorts['publishEvents'] {
  const clients = new Map<string, EventBridgeClient>();
  const clientOf = (region: string) => {
    const client = clients.get(region) ?? new EventBridgeClient(clientSettings(region));
    clients.set(region, client);
    return client;
  };
  return async (events) => {
    const others = events.filter((event) => !isOpinionWanted(event));
    await putEvents(clientOf(home), fromEnvironment('bus'), others);
    const wanted = events.filter(isOpinionWanted);
    if (wanted.length === 0) return;
    await opinionAsker(clientOf, { opinions: fromEnvironment('opinions'), former: fromEnvironment('bus') })(wanted);
  };
}

function isOpinionWanted(event: BusEvent): event is OpinionWanted {
  return event.type === 'Second Opinion Wanted';
}
