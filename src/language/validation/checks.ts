/** Which checks judge which nodes. Fast ones run on every keystroke; slow ones read files. */
import { ValidationRegistry, type LangiumCoreServices } from 'langium';
import type { BenchAddedServices } from '../bench-module.ts';
import {
  checkAbandon,
  checkBackendComplete,
  checkEffect,
  checkIgnoreEos,
  checkKeyInTheClear,
  checkLaunch,
  checkProtocol,
  checkReady,
  checkStop,
  checkTimeoutOrder,
} from './backend-checks.ts';
import { checkBenchmark, checkReport } from './benchmark-checks.ts';
import { toLangiumChecks, type ChecksByType } from './check.ts';
import {
  checkAlert,
  checkDatasetSource,
  checkImages,
  checkKeep,
  checkMix,
  checkMixCycle,
  checkMonitorSource,
  checkSource,
} from './dataset-checks.ts';
import { checkBaselineFile, checkDatasetFile, checkPropertyFile } from './file-checks.ts';
import { checkInFlightFromLastRun } from './last-run-checks.ts';
import { checkLimitConflicts } from './limit-conflicts.ts';
import { checkInFlight, checkLoadBlock, checkWarmup, checkWrittenOnce } from './load-checks.ts';
import {
  checkAmbiguousNames,
  checkInheritance,
  checkDuplicateNames,
  checkEncoding,
  checkImport,
  checkImportCycle,
  checkImportedOnce,
  checkParam,
  checkUnused,
} from './name-checks.ts';
import { checkEntriesOnce, checkHeader, checkProperty } from './property-checks.ts';
import { checkCondition, checkLimit, checkSlaBlock } from './sla-checks.ts';
import { checkStage } from './stage-checks.ts';
import {
  checkChoose,
  checkCompare,
  checkEstimate,
  checkFind,
  checkProfile,
  checkSearch,
  checkStudy,
  checkSweep,
  checkVary,
} from './study-checks.ts';
import { checkStudyRuns } from './study-runs.ts';
import { checkUnitSpelling, checkUsersEach } from './spelling-checks.ts';
import { checkEscapes, checkLiteralKey } from './text-checks.ts';

const fastChecks: ChecksByType = {
  BenchFile: [checkEncoding, checkImportedOnce, checkDuplicateNames, checkAmbiguousNames, checkUnused],
  Import: [checkImport, checkImportCycle],
  Param: [checkParam],
  PlainText: [checkEscapes, checkLiteralKey],
  Template: [checkEscapes, checkLiteralKey],
  Quantity: [checkUnitSpelling],
  Property: [checkProperty],
  MapEntry: [checkHeader],
  Block: [checkEntriesOnce],
  Backend: [checkInheritance],
  BackendBlock: [
    checkEntriesOnce,
    checkBackendComplete,
    checkKeyInTheClear,
    checkIgnoreEos,
    checkEffect,
    checkTimeoutOrder,
  ],
  Protocol: [checkProtocol],
  Launch: [checkEntriesOnce, checkLaunch],
  Ready: [checkReady],
  Stop: [checkStop],
  Dataset: [checkInheritance, checkMixCycle],
  DatasetBlock: [checkEntriesOnce, checkDatasetSource],
  From: [checkSource],
  Keep: [checkKeep],
  Images: [checkImages],
  Mix: [checkMix],
  Load: [checkInheritance],
  LoadBlock: [checkEntriesOnce, checkLoadBlock, checkWrittenOnce],
  Stage: [checkStage, checkUsersEach],
  Warmup: [checkWarmup],
  InFlight: [checkInFlight],
  Abandon: [checkAbandon],
  Sla: [checkInheritance],
  SlaBlock: [checkSlaBlock, checkLimitConflicts],
  Limit: [checkLimit],
  Condition: [checkCondition],
  Monitor: [checkInheritance],
  MonitorBlock: [checkEntriesOnce, checkMonitorSource],
  Alert: [checkAlert],
  Benchmark: [checkEntriesOnce, checkInheritance, checkBenchmark],
  Report: [checkReport],
  Sweep: [checkEntriesOnce, checkStudy, checkSweep],
  Vary: [checkVary],
  Choose: [checkChoose],
  Search: [checkEntriesOnce, checkStudy, checkSearch],
  Find: [checkFind],
  Compare: [checkEntriesOnce, checkStudy, checkCompare],
  Profile: [checkStudy, checkProfile],
  Estimate: [checkStudy, checkEstimate],
};

const slowChecks: ChecksByType = {
  Property: [checkPropertyFile],
  From: [checkDatasetFile],
  Limit: [checkBaselineFile],
  Sweep: [checkStudyRuns],
  Search: [checkStudyRuns],
  Compare: [checkStudyRuns],
  Benchmark: [checkInFlightFromLastRun],
};

export class BenchValidationRegistry extends ValidationRegistry {
  constructor(services: LangiumCoreServices & BenchAddedServices) {
    super(services);
    this.register(toLangiumChecks(fastChecks, services), this, 'fast');
    this.register(toLangiumChecks(slowChecks, services, fastChecks), this, 'slow');
  }
}
