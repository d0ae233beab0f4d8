/** One run over all bounce mailboxes of the config. */
import type { BounceMailbox } from '../config/bounce-settings.ts';
import { type BounceMailboxWatchPorts, watchBounceMailbox } from './watch-bounce-mailbox.ts';

/** Sums of all mailboxes. */
export interface BounceMailboxesReport {
  readonly counted: number;
  readonly repeated: number;
  /** Messages that were fetched. */
  readonly fetched: number;
  readonly removed: number;
  /** Mailboxes that could not be read, by their server, and why. */
  readonly failed: readonly string[];
}

/** Characters. */
const LONGEST_REASON = 200;

/** All at once: a mailbox that is slow or gone costs its own reports and no others. */
export async function readBounceMailboxes(
  ports: BounceMailboxWatchPorts,
  mailboxes: readonly BounceMailbox[],
  signal: AbortSignal,
): Promise<BounceMailboxesReport> {
  const runs = await Promise.allSettled(mailboxes.map((mailbox) => watchBounceMailbox(ports, mailbox, signal)));
  const read = runs.flatMap((run) => (run.status === 'fulfilled' ? [run.value] : []));
  const sum = (of: 'counted' | 'repeated' | 'fetched' | 'removed') => read.reduce((total, one) => total + one[of], 0);
  const failed = runs.flatMap((run, nth) =>
    run.status === 'rejected' ? [`${mailboxes[nth]?.endpoint.host}: ${reasonOf(run.reason)}`] : [],
  );
  return {
    counted: sum('counted'),
    repeated: sum('repeated'),
    fetched: sum('fetched'),
    removed: sum('removed'),
    failed,
  };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_REASON);
}
