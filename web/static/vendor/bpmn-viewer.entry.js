export { default } from 'bpmn-js/lib/NavigatedViewer';
