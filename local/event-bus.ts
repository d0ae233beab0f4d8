import type { BusEvent } from '../lambda/ports.ts';

type Listener = (event: BusEvent) => void;

/** The event bus of one machine, instead of EventBridge. Every listener receives every event, each in its own tick. */
export interface Bus {
  publishEvents(events: readonly BusEvent[]): Promise<void>;
  listen(listener: Listener): void;
}

export function openBus(): Bus {
  const listeners: Listener[] = [];
  return {
    publishEvents: async (events) => {
      for (const event of events) {
        for (const listener of listeners) setImmediate(listener, event);
      }
    },
    listen: (listener) => {
      listeners.push(listener);
    },
  };
}
