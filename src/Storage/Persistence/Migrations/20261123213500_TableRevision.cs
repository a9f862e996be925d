using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Storage.Persistence.Migrations;

/// <summary>The revisions of the tables.</summary>
[DbContext(typeof(StorageDb))]
[Migration("20261123213500_TableRevision")]
internal sealed class TableRevisionMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE TABLE IF NOT EXISTS table_rev (
                type_id SMALLINT UNSIGNED NOT NULL,
                rev BIGINT NOT NULL,
                PRIMARY KEY (type_id)
            ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("A table that was counted without revisions would be counted wrongly later.");
}
