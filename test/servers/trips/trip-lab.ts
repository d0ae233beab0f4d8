/** Everything that a message passes: submission and signature, the receiver with its filters, and the mailboxes. */

import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificate, type ServerCertificate } from '../../../local/demo/certificate.ts';
import { serveNames } from '../../dns/name-server.ts';
import { freePorts, missing } from '../daemon.ts';
import { gidOf, uidOf } from '../room.ts';
import { rspamdMissing } from '../rspamd.ts';
import { startFooterMilter } from './footer-milter.ts';
import { missingRelay, type Relay, startRelay } from './relay-exim.ts';
import { OPENDKIM, startSigner } from './signer.ts';
import { startSpamFilter } from './spam-filter.ts';
import { missingTripMailboxes, startTripMailboxes, type TripMailboxes } from './trip-mailboxes.ts';
import { startTripPostfix, type TripPostfix } from './trip-postfix.ts';
import { RECEIVER, RELAY, SEEDS, SELECTOR, SENDER, type Seed, seedAddress } from './trip-world.ts';

export interface TripLab {
  readonly folder: string;
  readonly certificate: ServerCertificate;
  /** File of the authority that issued it. */
  readonly authority: string;
  readonly submission: number;
  readonly mailboxes: TripMailboxes;
  readonly sender: TripPostfix;
  readonly receiver: TripPostfix;
  readonly relay: Relay;
  /** Puts a message into the inbox of a seed. It exists once mail was delivered to it. */
  deliver(seed: Seed, message: string): Promise<void>;
  /** Waits until there is a message in the inbox of a seed. */
  hasArrived(seed: Seed): Promise<void>;
  /** What the filters say of themselves. */
  filterLog(): readonly string[];
  signerLog(): readonly string[];
  stop(): Promise<void>;
}

/** Milliseconds. */
const BETWEEN_LOOKS = 200;

export function missingTripLab(): string | null {
  return (
    missing('postfix', '/usr/sbin/postfix') ??
    missing('opendkim', OPENDKIM) ??
    missingTripMailboxes() ??
    missingRelay() ??
    rspamdMissing()
  );
}

export async function startTripLab(): Promise<TripLab> {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-trips-'));
  // The daemons give up root and still have to reach their folders.
  await chmod(folder, 0o755);
  const ends: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of ends.toReversed()) await end();
  };
  const deliver = async (seed: Seed, message: string) => {
    const path = join(folder, 'dovecot/home', SEEDS[seed], 'mail/new', `${Date.now()}.${randomUUID()}`);
    await writeFile(path, message);
    await chown(path, uidOf('mail'), gidOf('mail'));
  };
  const hasArrived = async (seed: Seed) => {
    const arrived = join(folder, 'dovecot/home', SEEDS[seed], 'mail/new');
    while ((await readdir(arrived).catch(() => [])).length === 0) await sleep(BETWEEN_LOOKS);
  };
  try {
    return { ...(await startAll(folder, (end) => ends.push(end))), folder, deliver, hasArrived, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  folder: string,
  onEnd: (end: () => unknown) => void,
): Promise<Omit<TripLab, 'folder' | 'deliver' | 'hasArrived' | 'stop'>> {
  const certificate = await makeCertificate([SENDER.host, RECEIVER.host, RELAY.host, '127.0.0.1']);
  const ports = await freePorts('submission', 'sender', 'receiver', 'gateway', 'relay');
  for (const name of ['sender', 'receiver', 'exim', 'dovecot', 'rspamd', 'opendkim']) await mkdir(join(folder, name));
  for (const name of ['sender', 'receiver', 'exim']) {
    await writeFile(join(folder, name, 'cert.pem'), certificate.cert);
    await writeFile(join(folder, name, 'key.pem'), certificate.key, { mode: 0o600 });
  }
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, certificate.ca);
  const signer = await startSigner(join(folder, 'opendkim'));
  onEnd(signer.stop);
  const names = await serveNames({
    [SENDER.domain]: { TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    [`${SELECTOR}._domainkey.${SENDER.domain}`]: { TXT: [signer.record] },
    [`_dmarc.${SENDER.domain}`]: { TXT: ['v=DMARC1; p=reject'] },
  });
  onEnd(names.close);
  const filter = await startSpamFilter(join(folder, 'rspamd'), names.address);
  onEnd(filter.stop);
  const footer = await startFooterMilter();
  onEnd(footer.stop);
  const mailboxes = await startTripMailboxes({ folder: join(folder, 'dovecot'), certificate });
  onEnd(mailboxes.stop);
  const sender = await startSender(join(folder, 'sender'), ports, mailboxes.ports, signer.port);
  onEnd(sender.stop);
  const receiver = await startReceiver(join(folder, 'receiver'), ports, mailboxes.ports, {
    spam: filter.port,
    footer: footer.port,
  });
  onEnd(receiver.stop);
  const relay = await startRelay(join(folder, 'exim'), ports);
  onEnd(relay.stop);
  return {
    certificate,
    authority,
    submission: ports.submission,
    mailboxes,
    sender,
    receiver,
    relay,
    filterLog: filter.log,
    signerLog: signer.log,
  };
}

type Ports = Readonly<Record<'submission' | 'sender' | 'receiver' | 'gateway' | 'relay', number>>;

function startSender(folder: string, ports: Ports, dovecot: TripMailboxes['ports'], signer: number) {
  const ways = { altered: ports.gateway, relayed: ports.relay, relayedFull: ports.relay } as const;
  const nextHops = [
    ...Object.entries(ways).map(([seed, port]) => [seedAddress(seed as keyof typeof ways), port] as const),
    [RECEIVER.domain, ports.receiver] as const,
  ];
  const submission = ['-o smtpd_sasl_auth_enable=yes', '-o smtpd_tls_security_level=encrypt'];
  return startTripPostfix(
    folder,
    [
      { port: ports.submission, settings: [...submission, `-o smtpd_milters=inet:127.0.0.1:${signer}`] },
      { port: ports.sender, settings: [] },
    ],
    [
      `myhostname = ${SENDER.host}`,
      'mydestination =',
      'alias_maps =',
      `virtual_mailbox_domains = ${SENDER.domain}`,
      `virtual_mailbox_maps = inline:{${SENDER.user}=known}`,
      `virtual_transport = lmtp:inet:127.0.0.1:${dovecot.lmtp}`,
      `transport_maps = inline:{${nextHops.map(([name, port]) => `{${name} = smtp:[127.0.0.1]:${port}}`).join(', ')}}`,
      'smtpd_sasl_type = dovecot',
      `smtpd_sasl_path = inet:127.0.0.1:${dovecot.auth}`,
      'smtpd_tls_auth_only = yes',
      `internal_mail_filter_classes = bounce`,
    ],
  );
}

function startReceiver(
  folder: string,
  ports: Ports,
  dovecot: TripMailboxes['ports'],
  milters: Readonly<Record<'spam' | 'footer', number>>,
) {
  const spam = `inet:127.0.0.1:${milters.spam}`;
  const known = Object.values(SEEDS).map((local) => `${local}@${RECEIVER.domain}=known`);
  return startTripPostfix(
    folder,
    [
      { port: ports.receiver, settings: [`-o smtpd_milters=${spam}`] },
      { port: ports.gateway, settings: [`-o smtpd_milters=${spam},inet:127.0.0.1:${milters.footer}`] },
    ],
    [
      `myhostname = ${RECEIVER.host}`,
      'mydestination = localhost',
      'local_recipient_maps =',
      `alias_maps = inline:{{${SEEDS.lost} = /dev/null}}`,
      `virtual_alias_maps = inline:{${seedAddress('lost')}=${SEEDS.lost}@localhost}`,
      `virtual_mailbox_domains = ${RECEIVER.domain}`,
      `virtual_mailbox_maps = inline:{${known.join(', ')}}`,
      `virtual_transport = lmtp:inet:127.0.0.1:${dovecot.lmtp}`,
      `transport_maps = inline:{{${SENDER.domain} = smtp:[127.0.0.1]:${ports.sender}}}`,
      `smtpd_recipient_restrictions = check_recipient_access inline:{${seedAddress('refused')}=quota, ${seedAddress('relayedFull')}=quota}`,
      'smtpd_restriction_classes = quota',
      `quota = check_policy_service inet:127.0.0.1:${dovecot.quota}`,
    ],
  );
}
