export {
  type HttpMethod,
  type KeyScope,
  type Operation,
  type OperationAnswer,
  type OperationInput,
  type OperationSchemas,
  operation,
  type Parsed,
} from './operation.js'
