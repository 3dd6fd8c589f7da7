export type {
  Evidence,
  ExchangeEvidence,
  InterleavingEvidence,
  LegalOrder,
  MeasuredEvidence,
  RecordedCall,
  RuntimeEvidence,
  SourceEvidence,
  SpecEvidence,
} from "../../deadheat/src/findings/evidence.ts";
export type {
  FindingData,
  MatrixCell,
  MatrixRow,
  OutcomeData,
  PageData,
  WeaknessData,
} from "../../deadheat/src/report/page/data.ts";
export type { EvidenceBlock } from "../../deadheat/src/report/page/evidence-block.ts";
