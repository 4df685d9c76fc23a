"""What ``deploy.sh`` knows: its steps (shell), the data behind them (Python) and monitoring (JSON).

Standard library only: a deployment needs gcloud and Python, and nothing to be installed.
"""
