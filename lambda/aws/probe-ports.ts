import { openRoundRecorder } from '../history/record-round.ts';
import type { ProbePorts } from '../ports.ts';
import { portsWith } from './environment-ports.ts';
import { homeSecrets } from './secrets.ts';

let ports: Promise<ProbePorts> | undefined;

/** The ports of a probe on AWS, from its environment; made once per container, on the first event. */
export function awsProbePorts(): Promise<ProbePorts> {
  ports ??= openPorts();
  return ports;
}

async function openPorts(): Promise<ProbePorts> {
  return portsWith((table) => openRoundRecorder(table), homeSecrets());
}
