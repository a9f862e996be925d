namespace KafkaMySql;

/// <summary>Gives 19-digit trace ids, unique over all processes that share the log's database, roughly in time order.</summary>
public interface ITraceIdSource
{
    /// <summary>A new trace id.</summary>
    /// <exception cref="LogUnavailableException">This process holds no live lease on a node number, so it may not give ids.</exception>
    long Next();
}
