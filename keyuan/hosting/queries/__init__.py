"""What is asked of rotas: the order, who is passed over, the boards."""
