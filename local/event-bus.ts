import type { BusEvent } from '../lambda/ports.ts';

type Listener = (event: BusEvent) => void;

/** EventBridge on one machine: whoever listens hears every event, each in a turn of its own. */
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
