"""What is drawn on cards: numbers that count up, charts, maps, pictures from elsewhere."""
