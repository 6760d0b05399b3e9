/** The child process: runs cells until the parent closes its pipe. */
import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { CellRunner } from './cells.ts';
import { type Command, FD, JsonReader, sendEvent } from './channel.ts';
import { Comms } from './comms.ts';
import {
  cellOf,
  cellOfError,
  currentCell,
  Interrupted,
  resetContext,
  runInCell,
  signals,
  trackContext,
} from './context.ts';
import { describeError, prepareStackTrace } from './errors.ts';
import { Evaluator } from './evaluator.ts';
import { installDialogs, receiveLine } from './input.ts';
import { installStreams } from './streams.ts';

const evaluator = new Evaluator();
const comms = new Comms();
const cells = new CellRunner(evaluator, comms, process.cwd());

installStreams();
installDialogs();
trackContext();
(Error as { prepareStackTrace?: unknown }).prepareStackTrace = prepareStackTrace;
Error.stackTraceLimit = 50;

// With an inspector session open, Node waits at exit for a debugger to leave; so the parent ends this process. Exit
// handlers have run by now.
(process as unknown as { reallyExit(code: number): void }).reallyExit = code => {
  sendEvent(currentCell(), { type: 'exit', code });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

// SIGINT reaches the whole process group; only the parent decides what it means.
process.on('SIGINT', () => {});
process.on('uncaughtException', error => {
  // The parent has interrupted a timer's callback and says so itself.
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') return;
  sendEvent(cellOfError(error), { type: 'late-error', error: describeError(error) });
});
process.on('unhandledRejection', (reason, promise) => {
  // What an interrupted cell had in hand ends quietly.
  if (reason instanceof Interrupted) return;
  sendEvent(cellOf(promise), { type: 'late-error', error: describeError(reason) });
});

const control = new Worker(new URL('./control.js', import.meta.url), { workerData: signals, execArgv: [] });
control.unref();

const reader = new JsonReader<Command>(command => {
  resetContext();
  switch (command.type) {
    case 'execute':
      void cells.execute(command);
      break;
    case 'input':
      receiveLine(command.cell, command);
      break;
    case 'abandon':
      cells.abandon(command.cell);
      break;
    case 'comm':
      try {
        runInCell(command.cell, () =>
          comms.receive(command.cell, command.msgType, command.content, command.buffers),
        );
      } catch (error) {
        sendEvent(command.cell, { type: 'late-error', error: describeError(error) });
      }
      sendEvent(command.cell, { type: 'comm-handled' });
      break;
    default:
  }
});
const commands = new Socket({ fd: FD.commands, readable: true, writable: false });
commands.on('data', chunk => reader.push(chunk));
// The parent is gone. The second thread ends the process, whatever it does; this is for the moments before that runs.
commands.on('close', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2_000));

sendEvent(0, { type: 'ready' });
