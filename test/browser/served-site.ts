/** The site of one snapshot, served as the monitor serves it. */

import type { Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { type PageServer, servePages } from '../../local/web/page-server.ts';
import { siteFiles } from '../../web/site.ts';

export async function serveSnapshot(snapshot: Snapshot): Promise<PageServer> {
  const server = await servePages({ host: '127.0.0.1', port: 0 });
  server.publish(siteFiles(snapshot));
  return server;
}
