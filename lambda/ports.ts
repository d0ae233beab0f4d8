import type { Config } from './config/config.ts';
import type { Alert } from './consensus/judgement/incident.ts';
import type { History } from './history/history.ts';

/** An event on the bus (EventBridge on AWS, in process on one machine). */
export type BusEvent =
  | { readonly type: 'Round Recorded'; readonly detail: { readonly vantage: string; readonly round: string } }
  | {
      readonly type: 'Second Opinion Wanted';
      readonly detail: {
        readonly round: string;
        readonly vantages: readonly string[];
        readonly targets: readonly string[];
      };
    }
  | {
      readonly type: 'Target Down' | 'Target Degraded' | 'Target Recovered' | 'Target Unknown';
      readonly detail: Alert;
    };

/** What a handler needs of the world; `aws.ts` makes it from the environment, `local/` from one process. */
export interface Ports {
  readonly config: Config;
  /** Where this runs: the vantage of a probe; the judge's is the home region. */
  readonly vantage: string;
  /** A port that this vantage's network drops, whoever is asked; absent where none is known. */
  readonly blockedPort?: number;
  readonly history: History;
  /** Puts events on the bus; throws when it did not take them. */
  publishEvents(events: readonly BusEvent[]): Promise<void>;
  /** Hands one alert to people; resolves only once it was taken. */
  sendAlert(alert: Alert): Promise<void>;
  /** The password behind a reference of the config. */
  secret(reference: { readonly secret: string } | { readonly env: string }): Promise<string>;
  /** Epoch milliseconds. */
  now(): number;
}

/** Of a handler that tells nobody: without the client of SNS its bundle is smaller, and starts sooner. */
export type PortsWithoutAlerts = Omit<Ports, 'sendAlert'>;
