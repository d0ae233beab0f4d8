/** Probes for each line of its input, which is the arguments of `probe` as JSON. Writes each sample as a line. */
import { createInterface } from 'node:readline';
import { probe } from '../../lambda/smtp/resolve-and-probe-endpoint.ts';

for await (const line of createInterface({ input: process.stdin })) {
  const { endpoint, limits } = JSON.parse(line);
  const quits: Promise<void>[] = [];
  const sample = await probe(endpoint, { limits, onQuit: (closed) => quits.push(closed) });
  await Promise.all(quits);
  process.stdout.write(`${JSON.stringify(sample)}\n`);
}
