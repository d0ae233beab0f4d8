/** rspamd as Postfix's filter, with its greylist in Redis: it accepts no mail at the first try. */

import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts, missing, startDaemon } from './daemon.ts';
import { gidOf, uidOf } from './room.ts';
import { writeFiles } from './server.ts';

const RSPAMD = '/usr/bin/rspamd';
const REDIS = '/usr/bin/redis-server';
const USER = '_rspamd';

/** Why it cannot run on this machine; null where it can. */
export function rspamdMissing(): string | null {
  return missing('rspamd', RSPAMD) ?? missing('redis-server', REDIS);
}

export interface Rspamd {
  /** Of the milter. */
  readonly port: number;
  log(): readonly string[];
  stop(): Promise<void>;
}

export async function startRspamd(folder: string): Promise<Rspamd> {
  const ports = await freePorts('milter', 'redis');
  return runRspamd(folder, ports, {
    'rspamd.conf': config(folder, ports.milter, ports.redis),
    'score.lua': 'rspamd_config.EVERY_MAIL = { score = 5, callback = function() return true end }\n',
    // Its own list takes seconds to compile.
    'tld.dat': 'com\nnet\norg\n',
  });
}

/** Starts Redis, and rspamd with `files`, of which `rspamd.conf` is its configuration. */
export async function runRspamd(
  folder: string,
  { milter, redis }: Readonly<Record<'milter' | 'redis', number>>,
  files: Readonly<Record<string, string>>,
): Promise<Rspamd> {
  await writeFiles(folder, files);
  await mkdir(join(folder, 'tmp'));
  await chown(join(folder, 'tmp'), uidOf(USER), gidOf(USER));
  const store = ['--port', String(redis), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const database = await startDaemon([REDIS, ...store], [redis], { cwd: folder });
  const filter = await startDaemon([RSPAMD, '-f', '-u', USER, '-g', USER, '-c', join(folder, 'rspamd.conf')], [milter]);
  const stop = async () => {
    await filter.stop();
    await database.stop();
  };
  return { port: milter, log: () => filter.output().split('\n').filter(Boolean), stop };
}

/** Only its greylist, for every mail, from this machine too. */
function config(folder: string, milter: number, redis: number): string {
  return `
options {
  tempdir = "${folder}/tmp";
  hs_cache_dir = "${folder}/tmp/";
  url_tld = "${folder}/tld.dat";
  filters = "";
  disable_hyperscan = yes;
  dns { nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1; }
}
logging { type = "console"; level = "warning"; }
worker "rspamd_proxy" {
  bind_socket = "127.0.0.1:${milter}";
  milter = yes;
  timeout = 60s;
  count = 1;
  upstream "local" { default = yes; self_scan = yes; }
}
redis { servers = "127.0.0.1:${redis}"; timeout = 30s; }
greylist { check_local = true; timeout = 5min; expire = 1d; }
actions { reject = 200; add_header = 100; greylist = 4; }
modules { path = "/usr/share/rspamd/plugins/greylist.lua"; }
lua = "${folder}/score.lua";
`;
}
