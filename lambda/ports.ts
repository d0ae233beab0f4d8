/** The interface between the handlers and their environment: AWS, or one machine. */
import type { NowDocument } from '../web/documents/now.ts';
import type { Sender } from './alert/channels/sender.ts';
import type { DeliveryChannel } from './alert/delivery/configured-channels.ts';
import type { DeliveryStore } from './alert/delivery/delivery-store.ts';
import type { Config } from './config/config.ts';
import type { Alert } from './consensus/judgement/incident.ts';
import type { MxAddresses } from './dns/special-addresses.ts';
import type { BounceHistory } from './history/bounces/bounce-history.ts';
import type { DrillStore } from './history/drills/drill-store.ts';
import type { History } from './history/history.ts';
import type { NotificationStore } from './history/notifications/notification-store.ts';
import type { PostureHistory } from './history/posture/posture-history.ts';
import type { RoundRecorder } from './history/record-round.ts';
import type { TripStore } from './history/trips/trip-store.ts';
import type { WindowStore } from './history/windows/window-store.ts';

/** An event on the bus (EventBridge on AWS, in process on one machine). */
export type BusEvent =
  | { readonly type: 'Round Recorded'; readonly detail: { readonly vantage: string; readonly round: string } }
  | {
      readonly type: 'Second Opinion Wanted';
      readonly detail: {
        readonly round: string;
        readonly vantages: readonly string[];
        readonly targets: readonly string[];
        /** Set by the judge of this release. Absent if a rule of the previous release forwarded the event. */
        readonly by?: 'judge';
      };
    }
  | {
      /** A vantage stored what changed in the posture of domains. */
      readonly type: 'Posture Recorded';
      readonly detail: { readonly vantage: string; readonly domains: readonly string[] };
    }
  | {
      /** A round trip has an alert that is owed. */
      readonly type: 'Trip Recorded';
      readonly detail: { readonly vantage: string; readonly trips: readonly string[] };
    }
  /** A source counted bounces or complaints. */
  | { readonly type: 'Bounces Recorded'; readonly detail: { readonly source: string } }
  | { readonly type: 'Delivery Due'; readonly detail: { readonly channel: string } }
  | {
      readonly type: 'Target Down' | 'Target Degraded' | 'Target Recovered' | 'Target Unknown';
      readonly detail: Alert;
    };

/** A report of a handler to the operators of the monitor: a line of JSON on AWS, words on one machine. */
export interface LogEntry {
  readonly level: 'warn' | 'error';
  readonly message: string;
  /** In reading order. They contain no secret. */
  readonly facts: Readonly<Record<string, string>>;
}

/** What a handler needs from its environment. `aws/ports.ts` makes it on AWS, `local/monitor.ts` on one machine. */
export interface Ports {
  readonly config: Config;
  /** The vantage of a probe; the home region of the judge. */
  readonly vantage: string;
  /** A port that this vantage's network drops for every host. Absent if none is known. */
  readonly blockedPort?: number;
  /** Addresses that an MX host may have, seen from this vantage. By default, the machine's own addresses decide. */
  readonly mxAddresses?: MxAddresses;
  /** The version of this package, which is recorded with rounds. Absent if it is not known. */
  readonly release?: string;
  /** The address that mail servers see; `lambda` if it is one of Lambda, which changes. Absent if it is not known. */
  readonly egress?: string;
  readonly history: History;
  /** Puts events on the bus. Throws if the bus refuses one. */
  publishEvents(events: readonly BusEvent[]): Promise<void>;
  /**
   * Reads the password that a reference in the config names.
   * @param refused a password that a server refused. It may have been rotated, so the password is read again
   */
  secret(reference: { readonly secret: string } | { readonly env: string }, refused?: string): Promise<string>;
  /** Reports a problem that does not stop the handler. */
  log(entry: LogEntry): void;
  /** Epoch milliseconds. */
  now(): number;
}

/** The ports of a probe, which only writes to the history. */
export type ProbePorts = Omit<Ports, 'history'> & { readonly history: RoundRecorder };

/** What those need who make deliveries or carry them. */
interface DeliveryPorts {
  /** All channels of the config that have deliveries. */
  readonly channels: readonly DeliveryChannel[];
  readonly deliveries: DeliveryStore;
  /** True where no other process works on the table: a lease is then one of a process that has ended. */
  readonly isAlone?: boolean;
}

export interface JudgePorts extends Ports, DeliveryPorts {
  /** Who was told of which incident. Absent where all channels are told of what their `when` names. */
  readonly notifications?: NotificationStore;
  /** Mutes, and what was in force. Absent where nothing is held. */
  readonly windows?: WindowStore;
  /** Absent where no drills are held. */
  readonly drills?: DrillStore;
  /** Absent where no round trips are watched. */
  readonly trips?: TripStore;
  /** Absent if posture is not judged here. */
  readonly postures?: PostureHistory;
  /** Absent if bounces are not judged here. */
  readonly bounces?: BounceHistory;
  /** Publishes what changes with each round for the status page. Never rejects, and takes two seconds at most. Absent without a page. */
  publishNow?(now: NowDocument): Promise<void>;
  /** Milliseconds until this run of the judge is ended. Absent where nothing ends it. */
  timeLeft?(): number;
}

export interface DeliverPorts extends Pick<Ports, 'config' | 'history' | 'publishEvents' | 'now'>, DeliveryPorts {
  senderOf(channel: DeliveryChannel): Sender;
  /** 0 up to 1. */
  random(): number;
  /** Resolves early if the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}
