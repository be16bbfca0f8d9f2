// A receiver of remote write in a process of its own, so that what it costs is not measured. It answers at once and decodes
// only when it is asked what it got, with libraries that have nothing to do with the sender.
/// <reference path="../../storage/remote-write/snappyjs.d.ts" />
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PbfReader } from 'pbf';
import { uncompress } from 'snappyjs';

/** Sent once, when it listens. */
export interface ReceiverReady {
  readonly port: number;
}

/** The samples of the last `requests` requests, one line each, as text formats show them; sent when a number is received. */
export interface ReceivedText {
  readonly text: string;
  /** On the wire. */
  readonly bytes: number;
}

let bodies: Buffer[] = [];

function linesOf(body: Buffer): string[] {
  const lines: string[] = [];
  new PbfReader(uncompress(new Uint8Array(body))).readFields((_tag, _result, series) => {
    let name = '';
    let value = Number.NaN;
    series.readMessage((tag, _nothing, message) => {
      if (tag === 2) {
        message.readMessage((field, _sample, sample) => {
          if (field === 1) value = sample.readDouble();
        }, undefined);
      } else {
        const label = message.readMessage((field, texts: Map<number, string>, text) => {
          texts.set(field, text.readString());
        }, new Map());
        if (label.get(1) === '__name__') name = label.get(2) ?? '';
      }
    }, undefined);
    lines.push(`${name} ${value}`);
  }, undefined);
  return lines;
}

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    bodies.push(Buffer.concat(pieces));
    response.writeHead(204).end();
  });
});

process.on('message', (requests: number) => {
  const last = bodies.slice(-requests);
  bodies = [];
  const bytes = last.reduce((sum, { length }) => sum + length, 0);
  process.send?.({ text: last.flatMap(linesOf).join('\n'), bytes } satisfies ReceivedText);
});

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies ReceiverReady);
});
