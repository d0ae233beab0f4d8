/** The two instances of Postfix: one takes submissions and sends, and the other receives and hands to Dovecot. */

import { type PostfixMaster, writePostfix } from '../postfix-master.ts';

export interface TripPostfix extends Pick<PostfixMaster, 'log'> {
  /** Starts it again with the same queue, after `stop`. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface PostfixDoor {
  readonly port: number;
  /** `-o smtpd_sasl_auth_enable=yes`. */
  readonly settings: readonly string[];
}

/** @param folder has cert.pem and key.pem @param settings lines of main.cf */
export async function startTripPostfix(
  folder: string,
  doors: readonly PostfixDoor[],
  settings: readonly string[],
): Promise<TripPostfix> {
  const ports = doors.map(({ port }) => port);
  const lines = doors.map((door) => `127.0.0.1:${door.port} inet n - n - - smtpd ${door.settings.join(' ')}`);
  const parts = { settings: [SETTINGS, ...settings].join('\n'), doors: lines.join('\n') };
  const master = await writePostfix(folder, parts, ports);
  let daemon = await master.start();
  return {
    log: master.log,
    start: async () => {
      daemon = await master.start();
    },
    stop: () => daemon.stop(),
  };
}

/** Minutes of a real queue are seconds here. */
const SETTINGS = `inet_protocols = ipv4
inet_interfaces = 127.0.0.1
relay_domains =
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_received_header = yes
smtp_tls_security_level = may
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s`;
