"""The chat page: phones, and a look at what happens behind them."""
