using System.Globalization;
using System.IO.Hashing;
using System.Text;
using MySqlConnector;

namespace KafkaMySql;

/// <summary>The table <c>dead_letter</c>. All calls run under the partition's fence, so nobody else writes the same entries meanwhile.</summary>
internal sealed class DeadLetterTable(string consumer, int maxForeignRawPerDay)
{
    private const int ReasonLength = 1000;

    /// <summary>How many of the partition's own records were entered within the minute before <paramref name="at"/>.</summary>
    public async Task<long> CountOwnSinceAsync(MySqlConnection connection, int partition, DateTime at, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(
            "SELECT COUNT(*) FROM dead_letter WHERE consumer = @consumer AND partition_no = @partition AND at > @since AND seq IS NOT NULL",
            connection
        );
        AddKey(command, partition);
        command.Parameters.AddWithValue("@since", at.AddMinutes(-1));
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    /// <summary>Which of <paramref name="letters"/> are not entered yet, each once.</summary>
    public async Task<List<DeadLetter>> NewAsync(
        MySqlConnection connection,
        int partition,
        IReadOnlyList<DeadLetter> letters,
        CancellationToken cancellationToken
    )
    {
        var known = new HashSet<(ulong? Seq, long Offset, UInt128 Hash)>();
        await using (var command = new MySqlCommand { Connection = connection })
        {
            AddKey(command, partition);
            var seqs = List(command, "s", letters.Where(letter => letter.IsOwn).Select(letter => (object)letter.Item.Coordinate.Seq));
            var offsets = List(command, "o", letters.Where(letter => !letter.IsOwn).Select(letter => (object)letter.Item.Record.Offset));
            command.CommandText = $"""
                SELECT seq, topic_offset, value_hash FROM dead_letter WHERE consumer = @consumer AND partition_no = @partition AND seq IN ({seqs})
                UNION ALL
                SELECT seq, topic_offset, value_hash FROM dead_letter
                  WHERE consumer = @consumer AND partition_no = @partition AND topic_offset IN ({offsets}) AND seq IS NULL
                """;
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                known.Add(
                    reader.IsDBNull(0)
                        ? (null, reader.GetInt64(1), Hash((byte[])reader.GetValue(2)))
                        : (reader.GetUInt64(0), 0, UInt128.Zero)
                );
        }
        return letters.Where(letter => known.Add(KeyOf(letter))).ToList();
    }

    /// <summary>Enters <paramref name="letters"/>, of which none is there yet.</summary>
    public async Task InsertAsync(
        MySqlConnection connection,
        int partition,
        IReadOnlyList<DeadLetter> letters,
        DateTime at,
        CancellationToken cancellationToken
    )
    {
        if (letters.Count == 0)
            return;
        var foreignRaw = letters.All(letter => letter.IsOwn)
            ? 0
            : maxForeignRawPerDay - await RawOfDayAsync(connection, partition, at, cancellationToken).ConfigureAwait(false);
        await using var command = new MySqlCommand { Connection = connection };
        AddKey(command, partition);
        command.Parameters.AddWithValue("@at", at);
        var sql = new StringBuilder(
            "INSERT INTO dead_letter (consumer, partition_no, at, seq, topic_offset, value_hash, trace_id, type_id, reason, raw_key, raw_value, raw_headers, raw_day) VALUES "
        );
        for (var i = 0; i < letters.Count; i++)
        {
            var letter = letters[i];
            var raw = letter.IsOwn || (letter.Item.Size <= RecordDecoder.ForeignBytes && foreignRaw-- > 0);
            sql.Append(i == 0 ? "" : ",").Append("(@consumer,@partition,@at");
            Add(sql, command, i, 's', letter.IsOwn ? letter.Item.Coordinate.Seq : null);
            Add(sql, command, i, 'o', letter.Item.Record.Offset);
            Add(sql, command, i, 'h', letter.IsOwn ? null : Bytes(letter));
            Add(sql, command, i, 't', letter.TraceId);
            Add(sql, command, i, 'y', letter.TypeId);
            Add(sql, command, i, 'r', Cut(letter.Reason));
            Add(sql, command, i, 'k', raw ? letter.Item.Record.Key : null);
            Add(sql, command, i, 'v', raw ? letter.Item.Record.Value : null);
            Add(sql, command, i, 'e', raw ? RawHeaders.Write(letter.Item.Record.Headers) : null);
            Add(sql, command, i, 'd', raw && !letter.IsOwn ? at.Date : null);
            sql.Append(')');
        }
        command.CommandText = sql.ToString();
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the open entries of events that stand in their table now; returns how many there were.</summary>
    public async Task<int> CloseAsync(
        MySqlConnection connection,
        int partition,
        IEnumerable<ulong> seqs,
        DateTime at,
        CancellationToken cancellationToken
    )
    {
        await using var command = new MySqlCommand { Connection = connection };
        AddKey(command, partition);
        command.Parameters.AddWithValue("@at", at);
        command.CommandText =
            $"UPDATE dead_letter SET closed_at = @at WHERE consumer = @consumer AND partition_no = @partition AND closed_at IS NULL AND seq IN ({List(command, "s", seqs.Cast<object>())})";
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<long> RawOfDayAsync(MySqlConnection connection, int partition, DateTime at, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(
            "SELECT COUNT(*) FROM dead_letter WHERE consumer = @consumer AND partition_no = @partition AND raw_day = @day",
            connection
        );
        AddKey(command, partition);
        command.Parameters.AddWithValue("@day", at.Date);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
    }

    private void AddKey(MySqlCommand command, int partition)
    {
        command.Parameters.AddWithValue("@consumer", consumer);
        command.Parameters.AddWithValue("@partition", partition);
    }

    private static void Add(StringBuilder sql, MySqlCommand command, int row, char column, object? value)
    {
        var name = $"@{column}{row}";
        sql.Append(',').Append(name);
        command.Parameters.AddWithValue(name, value);
    }

    /// <summary>The names of new parameters for <paramref name="values"/>; NULL, which nothing is equal to, when there are none.</summary>
    internal static string List(MySqlCommand command, string prefix, IEnumerable<object> values)
    {
        var names = new List<string>();
        foreach (var value in values)
        {
            names.Add($"@{prefix}{names.Count}");
            command.Parameters.AddWithValue(names[^1], value);
        }
        return names.Count > 0 ? string.Join(',', names) : "NULL";
    }

    private static (ulong? Seq, long Offset, UInt128 Hash) KeyOf(DeadLetter letter) =>
        letter.IsOwn ? (letter.Item.Coordinate.Seq, 0, UInt128.Zero) : (null, letter.Item.Record.Offset, Hash(Bytes(letter)));

    private static byte[] Bytes(DeadLetter letter) => XxHash128.Hash(letter.Item.Record.Value ?? []);

    private static UInt128 Hash(byte[] bytes) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);

    // A reason may quote the record, and a surrogate without its other half is not text to a server.
    private static string Cut(string reason)
    {
        var text = new string(reason.Select(letter => char.IsSurrogate(letter) ? '\uFFFD' : letter).Take(ReasonLength).ToArray());
        return text.Length > 0 ? text : "no reason given";
    }
}
