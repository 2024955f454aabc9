import Modeler from 'bpmn-js/lib/Modeler';
import minimap from 'diagram-js-minimap';
import tokenSimulation from 'bpmn-js-token-simulation';

export { Modeler, minimap, tokenSimulation };
