"""Documents and pictures for people who would rather look: the doctor's page as PDF, pictures as SVG and PNG."""
