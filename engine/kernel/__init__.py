"""What a BPMN model means, written once: ``step(program, state, stimulus, now) -> Step``. Pure."""
