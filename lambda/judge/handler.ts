/** The Lambda entry of the judge. */
import { logLine } from '../aws/log.ts';
import { awsPorts } from '../aws/ports.ts';
import { openTopic } from '../aws/topic.ts';
import type { Ports } from '../ports.ts';
import { type JudgeReport, judge } from './judge.ts';
import { isScheduled, unknownVantageOf } from './judge-event.ts';

/**
 * The judge reads everything anew each time: the event only says that it is time. Fails where something could not be
 * done, so that the function's error metric shows it.
 */
export async function handler(event: unknown): Promise<JudgeReport> {
  const ports = await judgePorts();
  const stranger = unknownVantageOf(event, ports.config);
  if (stranger !== null) console.warn(JSON.stringify({ level: 'warn', message: 'not in the config', ...stranger }));
  const report = await judge(ports, !isScheduled(event));
  const { down, owedFor, ...facts } = report;
  logLine(ports.config.name, ports.now(), { level: 'info', message: 'judged', ...facts }, { down, owedAge: owedFor });
  if (report.failed.length > 0) throw new Error(`not done in this pass: ${report.failed.join(', ')}`);
  return report;
}

let ports: Promise<Ports> | undefined;

/** Made once per container, on the first event. */
function judgePorts(): Promise<Ports> {
  ports ??= awsPorts().then((quiet) => ({ ...quiet, sendAlert: openTopic(quiet.config) }));
  return ports;
}
