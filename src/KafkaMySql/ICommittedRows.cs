namespace KafkaMySql;

/// <summary>Hears of rows this process has just committed, in the log's order.</summary>
internal interface ICommittedRows
{
    void Committed(int partition, IReadOnlyList<LogRow> rows);
}
