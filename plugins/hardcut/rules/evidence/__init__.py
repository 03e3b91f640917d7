"""What a wave has to show before it lands, and open questions."""
