/** DNS and policy hosts, as they are asked on AWS and on one machine. */
import type { Config } from '../config/config.ts';
import { dnsOfRun } from '../dns/records/dns-of-run.ts';
import { parseDnsServer } from '../dns/transport/dns-server.ts';
import { systemServers } from '../dns/transport/system-servers.ts';
import { certificateFetch } from '../posture/certificate-fetch.ts';
import { policyFetch } from '../posture/policy-fetch.ts';
import { urlFetch } from '../posture/url-fetch.ts';
import type { PosturePorts } from './posture-ports.ts';

/** Milliseconds. A silent resolver fails a question after 3 s. */
const TIMING = { patience: 1_000, retry: 1_000, limit: 3_000 };
/** Milliseconds of one file. */
const FETCH = 8_000;

/** Asks the resolvers of the config, or those of the machine. */
export function internetPorts({
  resolver = [],
}: Pick<Config, 'resolver'>): Pick<PosturePorts, 'openDns' | 'fetchPolicy' | 'fetchUrl' | 'fetchCertificate'> {
  return {
    openDns: (bounds) => {
      const system = systemServers();
      const own = resolver.map(parseDnsServer).filter((server) => server.kind !== 'fault');
      return dnsOfRun(own.length > 0 ? own : system, { timing: TIMING, systemServers: system, bounds });
    },
    fetchPolicy: policyFetch({ within: FETCH }),
    fetchUrl: urlFetch({ within: FETCH }),
    fetchCertificate: certificateFetch({ port: 443, within: FETCH }),
  };
}
