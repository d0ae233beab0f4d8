/** Options of a probe that do not depend on its target. */

import type { NameResolver } from '../dns/resolver.ts';
import type { MxAddresses } from '../dns/special-addresses.ts';
import type { AddressLock } from './address-lock.ts';
import type { Limits } from './bounds/limits.ts';
import type { KnownSecrets } from './redaction/mask-known-passwords.ts';

export interface ProbeOptions {
  /** Milliseconds on a monotonic clock. */
  readonly now?: () => number;
  /** Ends the probe with the code `aborted` (`unable`). */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<Limits>;
  readonly resolver?: NameResolver;
  /**
   * Called with a promise of the end of the session. QUIT is sent with the verdict, and its reply arrives later. Callers
   * that freeze or exit after the last verdict must wait for these promises (2 s at most, and not after the deadline).
   */
  readonly onQuit?: (closed: Promise<void>) => void;
  /** The probe acquires this lock before it connects, if several probes may have the same address. */
  readonly addressLock?: AddressLock;
  /** Passwords of everything that the same run probes: no text of the sample shows one. The probe adds its own. */
  readonly secrets?: KnownSecrets;
  /**
   * Waits for the reply to QUIT after a session without failure, and records its time in `timings`. `total` does not
   * include it.
   */
  readonly waitForQuit?: boolean;
  /** Addresses that an MX host may have, see `dns/special-addresses.ts`. By default, the machine's own addresses decide. */
  readonly mxAddresses?: MxAddresses;
  /**
   * Whether a server without a greeting gets a ClientHello, which leaves a line in its log. True by default; a probe that
   * repeats every minute sends it once an hour.
   */
  readonly clientHello?: boolean;
}
