using Microsoft.EntityFrameworkCore.Migrations;

namespace Analyzer.Persistence.Migrations;

/// <summary>
/// The index and its heads. Written as statements because a process may be ended between any two of them: each makes one whole table with
/// its indexes, or finds it there.
/// </summary>
internal sealed partial class Initial : Migration
{
    private const string Options = "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS event_index (
                type_id SMALLINT UNSIGNED NOT NULL,
                position BIGINT NOT NULL,
                trace_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
                event_id VARCHAR(250) NOT NULL,
                partition_no SMALLINT UNSIGNED NOT NULL,
                seq BIGINT UNSIGNED NULL,
                topic_offset BIGINT NOT NULL,
                bucket BIGINT UNSIGNED NOT NULL,
                digest BIGINT UNSIGNED NOT NULL,
                accepted_at DATETIME(6) NOT NULL,
                topic_at DATETIME(6) NOT NULL,
                indexed_at DATETIME(6) NOT NULL,
                payload MEDIUMBLOB NOT NULL,
                PRIMARY KEY (type_id, position),
                UNIQUE KEY event_index_trace_id (trace_id, type_id),
                KEY event_index_digest (partition_no, bucket, type_id, digest)
            ) {Options}
            """
        );
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS position_head (
                type_id SMALLINT UNSIGNED NOT NULL,
                next_position BIGINT NOT NULL,
                events BIGINT NOT NULL,
                PRIMARY KEY (type_id)
            ) {Options}
            """
        );
    }

    /// <summary>There is no way back: positions would be given anew.</summary>
    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("The index is never dropped.");
}
