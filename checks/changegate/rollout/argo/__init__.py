"""Argo Rollouts: the plan as a Rollout with its analysis."""
