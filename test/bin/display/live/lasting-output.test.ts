import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { openLastingOutput } from '../../../../bin/display/live/fault-tolerant-output.ts';

class Stream extends EventEmitter {
  writable = true;
  writableLength = 0;
  readonly written: string[] = [];
  write(text: string) {
    this.written.push(text);
  }
  fail(code: string) {
    this.emit('error', Object.assign(new Error(code), { code }));
  }
}

function opened() {
  const stream = new Stream();
  const reports: string[] = [];
  return { stream, reports, output: openLastingOutput(stream, (text) => void reports.push(text)) };
}

test.each(['EPIPE', 'ENOSPC', 'EIO', 'ERR_STREAM_DESTROYED'])('%s is reported once, and nothing is thrown', (code) => {
  const { stream, reports, output } = opened();
  for (let at = 0; at < 3; at += 1) {
    output.write('a line\n');
    stream.fail(code);
  }
  expect(reports).toEqual([`smtp-quorum: the output cannot be written (${code}); monitoring continues without it\n`]);
});

test('a file on a full disk is written again as soon as there is room', () => {
  const { stream, output } = opened();
  output.write('lost\n');
  stream.fail('ENOSPC');
  output.write('written\n');
  expect(stream.written.at(-1)).toBe('written\n');
});

test('nothing is written to a stream that is closed', () => {
  const { stream, output } = opened();
  stream.writable = false;
  output.write('a line\n');
  expect(stream.written).toEqual([]);
});

test('what a reader does not take is left out above a bound, and written again when it reads', () => {
  const { stream, reports, output } = opened();
  stream.writableLength = 1_000_001;
  output.write('left out\n');
  expect([stream.written, reports.length]).toEqual([[], 1]);
  expect(reports[0]).toContain('its reader is too slow');
  stream.writableLength = 0;
  output.write('written\n');
  expect(stream.written).toEqual(['written\n']);
});

test('a terminal is written without blocking', () => {
  const modes: boolean[] = [];
  const stream = Object.assign(new Stream(), { _handle: { setBlocking: (mode: boolean) => void modes.push(mode) } });
  openLastingOutput(stream, () => {});
  expect(modes).toEqual([false]);
});
