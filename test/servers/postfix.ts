/** Postfix: one `master` with its own configuration, queue and data, and a service for each door. */

import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts, missing } from './daemon.ts';
import { dovecot } from './dovecot.ts';
import { type Milter, type MilterFailure, startMilter } from './milter.ts';
import { MASTER, writePostfix } from './postfix-master.ts';
import { rspamdMissing, startRspamd } from './rspamd.ts';
import { type Options, type Server, type ServerKind, WORLD, writeRsaCertificate } from './server.ts';

const DOORS = [
  'mail',
  'sixth',
  'tls',
  'submission',
  'openRelay',
  'full',
  'screened',
  'crashing',
  'weakDh',
  'clientCertificate',
  'proxied',
  'milterAbsent',
  'milterDies',
  'milterTempfails',
  'milterHangs',
  'verifying',
  'rspamd',
] as const;

/** A group of 1024 bits. */
const DH_1024 = `-----BEGIN DH PARAMETERS-----
MIGHAoGBAKSZkWIX+8FwS891D0YgIAnieqLFGVEd10/FELLh0Aeelf9AvFakcRjv
CTY0kLsGxu2QuLy1g1y0DOL6635sA3sCyDvDUwVnhYq3t9WKwNJdC++9OA1I57Ms
CIaCQmJJ/z8FvnS4Fr0+sINMMh+asACMkPSCDCI6leYRO6yhHMhfAgEC
-----END DH PARAMETERS-----
`;

export const postfix: ServerKind = {
  name: 'Postfix',
  doors: DOORS.filter((door) => door !== 'rspamd' || rspamdMissing() === null),
  // It leaves passwords to Dovecot, as most do.
  missing: () => missing('postfix', MASTER) ?? dovecot.missing(),
  start,
};

async function start(options: Options): Promise<Server> {
  const { folder } = options;
  const ports = await freePorts(...DOORS);
  const milters = {
    dies: await startMilter('dies'),
    tempfails: await startMilter('tempfails'),
    hangs: await startMilter('hangs'),
  };
  // Its daemons give up root and still have to reach their folders.
  await chmod(folder, 0o755);
  await writeRsaCertificate(folder);
  const rspamd = rspamdMissing() === null ? await startRspamd(join(folder, 'rspamd')) : null;
  const passwords = await dovecot.start({ ...options, folder: join(folder, 'dovecot') });
  const parts = {
    settings: settingsOf(folder, passwords.authPort, ports.full),
    doors: doorLines(folder, ports, milters, rspamd?.port ?? 9),
    files: {
      'dh1024.pem': DH_1024,
      recipients: `${WORLD.greylisted} 450 4.2.0 Greylisted, come back in 5 minutes\n`,
    },
  };
  const master = await writePostfix(folder, parts, Object.values(ports));
  const daemon = await master.start();
  const stop = async () => {
    await daemon.stop();
    await passwords.stop();
    await rspamd?.stop();
    for (const milter of Object.values(milters)) milter.stop();
  };
  return { ports, log: master.log, stop };
}

function settingsOf(folder: string, authPort: number, fullPort: number): string {
  return `inet_protocols = all
inet_interfaces = 127.0.0.1, ::1
myhostname = ${WORLD.host}
mydestination = ${WORLD.domain}
local_recipient_maps = inline:{postmaster=known, later=known}
local_transport = discard
alias_maps =
address_verify_map =
address_verify_transport_maps = inline:{${WORLD.domain}=smtp:[127.0.0.1]:${fullPort}}
address_verify_local_transport = smtp:[127.0.0.1]:${fullPort}
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access texthash:${folder}/etc/recipients
smtpd_tls_loglevel = 1
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${authPort}
smtpd_tls_auth_only = yes
postscreen_access_list =
postscreen_greet_action = enforce
postscreen_greet_wait = 6s
postscreen_greet_banner = ${WORLD.host} wait a moment
postscreen_pipelining_enable = yes
postscreen_non_smtp_command_enable = yes
postscreen_bare_newline_enable = yes
postscreen_cache_map =`;
}

function doorLines(
  folder: string,
  ports: Record<(typeof DOORS)[number], number>,
  milters: Readonly<Record<MilterFailure, Milter>>,
  rspamdPort: number,
): string {
  const at = (port: number) => `127.0.0.1:${port} inet n - n - - smtpd`;
  const filtered = (port: number, milter: number, patience = 60) =>
    `${at(port)} -o smtpd_milters=inet:127.0.0.1:${milter} -o milter_command_timeout=${patience}s`;
  return `${at(ports.mail)}
[::1]:${ports.sixth} inet n - n - - smtpd
${at(ports.tls)} -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
${at(ports.submission)} -o smtpd_sasl_auth_enable=yes
${at(ports.openRelay)} -o smtpd_relay_restrictions=permit_mynetworks,reject -o mynetworks=127.0.0.0/8
${at(ports.full)} -o queue_minfree=900000000000
${at(ports.crashing)} -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=no -o smtpd_sasl_path=inet:127.0.0.1:9
${at(ports.weakDh)} -o smtpd_tls_cert_file=${folder}/rsa.pem -o smtpd_tls_key_file=${folder}/rsa-key.pem
  -o smtpd_tls_dh1024_param_file=${folder}/etc/dh1024.pem -o smtpd_tls_protocols=TLSv1.2 -o smtpd_tls_ciphers=high
  -o tls_high_cipherlist=DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0
${at(ports.clientCertificate)} -o smtpd_tls_wrappermode=yes -o smtpd_tls_security_level=encrypt -o smtpd_tls_req_ccert=yes
${at(ports.proxied)} -o smtpd_upstream_proxy_protocol=haproxy -o smtpd_upstream_proxy_timeout=2s
${filtered(ports.milterAbsent, 9)}
${filtered(ports.milterDies, milters.dies.port)}
${filtered(ports.milterTempfails, milters.tempfails.port)}
${filtered(ports.milterHangs, milters.hangs.port, 4)}
${filtered(ports.rspamd, rspamdPort)}
${at(ports.verifying)} -o smtpd_recipient_restrictions=reject_unverified_recipient
  -o address_verify_poll_delay=1s -o address_verify_poll_count=30 -o unverified_recipient_defer_code=450
127.0.0.1:${ports.screened} inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy`;
}
