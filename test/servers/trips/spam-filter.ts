/** rspamd of the receiver: it verifies SPF, DKIM and DMARC, writes Authentication-Results, greylists, and marks spam. */

import { freePorts } from '../daemon.ts';
import { type Rspamd, runRspamd } from '../rspamd.ts';
import { SEEDS } from './trip-world.ts';

/** @param nameServer `127.0.0.1:53535` */
export async function startSpamFilter(folder: string, nameServer: string): Promise<Rspamd> {
  const ports = await freePorts('milter', 'redis');
  return runRspamd(folder, ports, {
    'rspamd.conf': config(folder, ports, nameServer),
    'score.lua': [
      scoreLine('GREYLISTED', [SEEDS.greylisted, SEEDS.alsoGreylisted], 5),
      scoreLine('SPAM', [SEEDS.junked], 20),
    ].join('\n'),
    // Its own list takes seconds to compile.
    'tld.dat': 'com\nnet\norg\n',
  });
}

function scoreLine(symbol: string, users: readonly string[], score: number): string {
  return `rspamd_config.${symbol} = {
  score = ${score},
  callback = function(task)
    local recipients = task:get_recipients('smtp')
    local user = recipients ~= nil and recipients[1] ~= nil and recipients[1].user
    return ${users.map((user) => `user == '${user}'`).join(' or ')}
  end,
}`;
}

/** Everything is local here, so that its checks have to look at local mail as well. */
function config(folder: string, { milter, redis }: Readonly<Record<'milter' | 'redis', number>>, nameServer: string) {
  const plugins = ['spf', 'dmarc', 'milter_headers', 'greylist'];
  return `
options {
  tempdir = "${folder}/tmp";
  hs_cache_dir = "${folder}/tmp/";
  url_tld = "${folder}/tld.dat";
  filters = "dkim";
  disable_hyperscan = yes;
  check_local = true;
  check_authed = true;
  dns { nameserver = ["${nameServer}"]; timeout = 5s; retransmits = 3; }
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
dkim { check_local = true; check_authed = true; }
spf { check_local = true; check_authed = true; }
dmarc { check_local = true; check_authed = true; }
milter_headers { use = ["authentication-results"]; skip_local = false; skip_authenticated = false; }
greylist { check_local = true; timeout = 4s; expire = 1d; whitelist_symbols = ["SPAM"]; }
actions { reject = 200; add_header = 15; greylist = 4; }
modules { ${plugins.map((name) => `path = "/usr/share/rspamd/plugins/${name}.lua";`).join(' ')} }
lua = "${folder}/score.lua";
`;
}
