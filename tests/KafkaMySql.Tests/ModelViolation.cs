namespace KafkaMySql.Tests;

internal sealed class ModelViolation(string message) : Exception(message);
