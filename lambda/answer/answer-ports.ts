import type { SecretReference } from '../config/channel.ts';
import type { Config } from '../config/config.ts';
import type { LogEntry } from '../ports.ts';
import type { Acknowledgement } from './incidents/acknowledge.ts';
import type { OpenIncident } from './incidents/open-incidents.ts';
import type { RateLimit } from './rate-limit.ts';

export interface MuteRequest {
  readonly incident: OpenIncident;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly until: number;
}

/** What answers need from their environment. */
export interface AnswerPorts {
  readonly config: Config;
  /** Null if it is not open. */
  findOpenIncident(id: string): Promise<OpenIncident | null>;
  /** Ids of all that people were told of, and that are not over. */
  toldIncidents(): Promise<readonly string[]>;
  acknowledge(id: string, by: string, now: number): Promise<Acknowledgement>;
  /** Nothing of the subject of the incident is told until the end. The same request again changes nothing. */
  mute(request: MuteRequest): Promise<void>;
  secret(reference: SecretReference): Promise<string>;
  log(entry: LogEntry): void;
  /** Epoch milliseconds. */
  now(): number;
  readonly requests: RateLimit;
  /** Refusals that are logged. */
  readonly refusals: RateLimit;
}

/** What a route found wrong, for our log. The client is told only the status. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, why: string) {
    super(why);
    this.status = status;
  }
}
