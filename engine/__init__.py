"""crmflow's engine: what processes mean, who they are for, and what happened. Never imports the web."""
